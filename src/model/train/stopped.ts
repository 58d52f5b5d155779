import { UserError } from '../../user-error.ts';

/** What a person is told who stopped a training: how to go on. */
export function stopped(at?: {
  readonly out: string;
  readonly epoch: number;
  readonly epochs: number;
}): UserError {
  return new UserError(
    'stopped',
    at && at.epoch > 0
      ? `The training was stopped after epoch ${at.epoch} of ${at.epochs}; go on with \`undertone train --resume ${at.out}\`, or let it end there with --epochs ${at.epoch} besides.`
      : 'The training was stopped before its first epoch ended, so there is nothing to go on from; start it again, what was heard is kept.',
  );
}

export function stoppedInRefit(out: string): UserError {
  return new UserError(
    'stopped',
    `The training was stopped while it learned from the validation songs as well; go on with \`undertone train --resume ${out}\`, which begins that part anew.`,
  );
}
