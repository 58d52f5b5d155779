export { WORDS, wordOf } from '../model/words.ts';
