import { names } from '../state/store.ts';
import { said } from './said.ts';

/** The line beside the stream's name: where it comes from or what is the matter, and how many others there are. */
export function Situation() {
  const others = names.value.length - 1;
  const more = others < 1 ? '' : others === 1 ? '1 other stream' : `${others} other streams`;
  return <p class="situation">{[said.value.note, more].filter((part) => part !== '').join(' · ')}</p>;
}
