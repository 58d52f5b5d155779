import { onTestFinished } from 'vitest';

/** Collects the rejections of this test that nothing handles: each would end a program. */
export function unhandledRejections(): unknown[] {
  const errors: unknown[] = [];
  const listeners = process.listeners('unhandledRejection');
  const onRejection = (error: unknown) => void errors.push(error);
  process.removeAllListeners('unhandledRejection').on('unhandledRejection', onRejection);
  onTestFinished(() => {
    process.removeListener('unhandledRejection', onRejection);
    for (const listener of listeners) process.on('unhandledRejection', listener);
  });
  return errors;
}
