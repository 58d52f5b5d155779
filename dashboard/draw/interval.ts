/** Standard deviations either side that hold 90 % of a normal distribution: the forecasts' intervals are 90 %. */
export const Z90 = 1.645;
