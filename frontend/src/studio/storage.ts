/** How full an organisation's storage is: there is room, little of it, or none. */
export function fullness(bytes: number, cap: number | undefined): 'free' | 'soon' | 'full' {
  if (!cap || bytes * 5 < cap * 4) return 'free'
  return bytes < cap ? 'soon' : 'full'
}
