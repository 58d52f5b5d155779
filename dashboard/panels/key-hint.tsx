/** The key that presses a button, for the eye only: its name is the button's text. */
export function KeyHint({ text }: { text: string }) {
  return (
    <span aria-hidden="true">
      <kbd>{text}</kbd>
    </span>
  );
}
