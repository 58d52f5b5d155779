import { SaxesParser } from 'saxes';
import { UserError } from '../../user-error.ts';

/**
 * Calls `onOpen` and `onClose` for each element of an XML file, in order.
 *
 * @throws UserError `bad-data` if it is not valid XML
 */
export function readElements(
  text: string,
  name: string,
  onOpen: (tag: string, attributes: Readonly<Record<string, string>>) => void,
  onClose: (tag: string) => void = () => {},
): void {
  const parser = new SaxesParser();
  parser.on('error', (cause) => {
    throw new UserError('bad-data', `${name} is not valid XML (${cause.message}): export it again.`, {
      cause,
    });
  });
  parser.on('opentag', ({ name: tag, attributes }) => onOpen(tag, attributes));
  parser.on('closetag', ({ name: tag }) => onClose(tag));
  parser.write(text).close();
}
