export function MicrophoneIcon() {
  return (
    <svg viewBox="0 0 16 20" aria-hidden="true">
      <rect x="5" y="1" width="6" height="11" rx="3" fill="currentColor" />
      <path d="M2 9a6 6 0 0 0 12 0M8 15v4" fill="none" stroke="currentColor" stroke-width="1.8" />
    </svg>
  );
}
