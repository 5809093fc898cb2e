/** As many digits as a row has for a number. */
export function digits(number: number, width: number): string {
  return String(Math.ceil(Math.min(Math.max(0, number), 10 ** width - 1))).padStart(width, '0')
}
