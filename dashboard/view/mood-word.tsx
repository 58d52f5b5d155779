import './mood-word.css';
import { said } from './said.ts';

/** One word, legible across a room. */
export function MoodWord() {
  const { word, resting } = said.value;
  return (
    <div class="mood">
      <p class="mood-word" data-resting={resting}>
        {word}
      </p>
    </div>
  );
}
