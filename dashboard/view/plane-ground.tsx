/** What does not move: the grid, the circle, the axes' names and the quadrants' words. */
export function PlaneGround() {
  return (
    <>
      <svg class="plane-grid" viewBox="-1 -1 2 2" aria-hidden="true">
        <rect class="plane-edge" x="-1" y="-1" width="2" height="2" />
        <path class="plane-half" d="M-.5-1v2M.5-1v2M-1-.5h2M-1 .5h2" />
        <circle class="plane-circle" r="1" />
        <path class="plane-axis" d="M-1 0h2M0-1v2" />
      </svg>
      <div class="plane-words" aria-hidden="true">
        <span class="plane-word" data-at="top left">
          tense
        </span>
        <span class="plane-word" data-at="top right">
          excited
        </span>
        <span class="plane-word" data-at="bottom left">
          sad
        </span>
        <span class="plane-word" data-at="bottom right">
          calm
        </span>
        <span class="plane-tick" data-at="left">
          −1
        </span>
        <span class="plane-tick" data-at="right">
          +1
        </span>
        <span class="plane-tick" data-at="top">
          +1
        </span>
        <span class="plane-tick" data-at="bottom">
          −1
        </span>
        <span class="plane-axis-name" data-axis="valence">
          Valence
        </span>
        <span class="plane-axis-name" data-axis="arousal">
          Arousal
        </span>
      </div>
    </>
  );
}
