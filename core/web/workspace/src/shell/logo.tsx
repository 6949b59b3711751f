/** The footbridge. */
export function Logo({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false" className="logo">
      <path d="M5 21c3-8 7-11 11-11s8 3 11 11M5 21h22M11 21v-7.5M16 21V10M21 21v-7.5" />
    </svg>
  );
}
