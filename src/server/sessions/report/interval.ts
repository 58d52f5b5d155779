/** Standard deviations either side that hold 90 % of a normal distribution. */
export const Z90 = 1.645;
