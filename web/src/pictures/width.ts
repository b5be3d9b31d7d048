/** How wide pictures are drawn: words in them keep their size on a telephone. */

const WIDEST = 600;
const MARGINS = 64;

export function pictureWidth(): number {
  return Math.max(240, Math.min(WIDEST, document.documentElement.clientWidth - MARGINS));
}
