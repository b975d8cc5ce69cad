/** The colours of charts: shades of the accent colour, and colours that convey a status. */

const shade = (percent: number) =>
  `color-mix(in srgb, var(--mui-palette-primary-main) ${percent}%, var(--mui-palette-background-paper))`;

/** From the darkest to the lightest. Neighbours differ clearly, also without seeing colours. */
const SHADES = [
  shade(100),
  shade(60),
  shade(30),
  'var(--mui-palette-warning-main)',
  'var(--mui-palette-secondary-main)',
];

export const MAX_SERIES = SHADES.length;

export const COLOURS = {
  accent: SHADES[0]!,
  light: SHADES[1]!,
  good: 'var(--mui-palette-success-main)',
  warning: 'var(--mui-palette-warning-main)',
  bad: 'var(--mui-palette-error-main)',
  neutral: 'var(--mui-palette-text-disabled)',
} as const;

/** The colour of the `index`-th series of a chart. */
export function shadeOf(index: number): string {
  return SHADES[index % SHADES.length]!;
}
