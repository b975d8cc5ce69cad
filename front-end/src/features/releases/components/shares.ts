/** The shares of new conversations, in percent, that a release can be tried out with. */
export const SHARES: readonly number[] = [5, 10, 20, 50];
