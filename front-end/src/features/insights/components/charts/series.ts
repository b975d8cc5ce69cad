export interface Series {
  name: string;
  colour: string;
  /** One value per point; null where there is none. */
  values: readonly (number | null)[];
  isDashed?: boolean;
}

export interface Point {
  /** What is written below the point. */
  label: string;
  /** The full name of the point. */
  title: string;
}
