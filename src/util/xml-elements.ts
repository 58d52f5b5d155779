import { SaxesParser } from 'saxes';
import { UserError } from '../user-error.ts';

/**
 * Calls `onOpen` and `onClose` for each element of an XML file that another program wrote, in order.
 *
 * @param name of the file, and `program`: for error messages
 * @throws UserError `bad-data` if it is not valid XML
 */
export function readElements(
  text: string,
  { name, program }: { readonly name: string; readonly program: string },
  onOpen: (tag: string, attributes: Readonly<Record<string, string>>) => void,
  onClose: (tag: string) => void = () => {},
): void {
  const parser = new SaxesParser();
  parser.on('error', (cause) => {
    const message = `${name} is not valid XML (${cause.message}): export it from ${program} again.`;
    throw new UserError('bad-data', message, { cause });
  });
  parser.on('opentag', ({ name: tag, attributes }) => onOpen(tag, attributes));
  parser.on('closetag', ({ name: tag }) => onClose(tag));
  parser.write(text).close();
}
