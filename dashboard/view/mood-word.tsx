import './mood-word.css';
import { useScene } from './scene-context.ts';

/** One word, legible across a room. */
export function MoodWord() {
  const { word, resting } = useScene().said.value;
  return (
    <div class="mood">
      <p class="mood-word" data-resting={resting}>
        {word}
      </p>
    </div>
  );
}
