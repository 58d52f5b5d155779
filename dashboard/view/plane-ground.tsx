import { useScene } from './scene-context.ts';

/** Quadrant words and ends of the axes, and where each stands. */
const WORDS = [
  ['tense', 'top left'],
  ['excited', 'top right'],
  ['sad', 'bottom left'],
  ['calm', 'bottom right'],
] as const;
const TICKS = [
  ['−1', 'left'],
  ['+1', 'right'],
  ['+1', 'top'],
  ['−1', 'bottom'],
] as const;

/** What does not move: the grid, the circle, the axes' names and the quadrants' words. */
export function PlaneGround() {
  const { nowWord } = useScene();
  return (
    <>
      <svg class="plane-grid" viewBox="-1 -1 2 2" aria-hidden="true">
        <rect class="plane-edge" x="-1" y="-1" width="2" height="2" />
        <path class="plane-half" d="M-.5-1v2M.5-1v2M-1-.5h2M-1 .5h2" />
        <circle class="plane-circle" r="1" />
        <path class="plane-axis" d="M-1 0h2M0-1v2" />
      </svg>
      <div class="plane-words" aria-hidden="true">
        {WORDS.map(([word, at]) => (
          <span key={at} class="plane-word" data-at={at}>
            {word}
          </span>
        ))}
        {TICKS.map(([tick, at]) => (
          <span key={at} class="plane-tick" data-at={at}>
            {tick}
          </span>
        ))}
        <span class="plane-axis-name" data-axis="valence">
          Valence
        </span>
        <span class="plane-axis-name" data-axis="arousal">
          Arousal
        </span>
      </div>
      <figcaption class="plane-key">
        <svg viewBox="0 0 22 12" aria-hidden="true">
          <ellipse cx="11" cy="6" rx="10" ry="5" />
          <circle cx="11" cy="6" r="2.6" />
        </svg>
        {nowWord}
        <svg viewBox="0 0 22 12" aria-hidden="true">
          <ellipse class="plane-key-ahead" cx="11" cy="6" rx="10" ry="5" />
        </svg>
        in 10 s<span>90 % intervals</span>
      </figcaption>
    </>
  );
}
