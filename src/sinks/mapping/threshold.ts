export interface ThresholdLevels {
  /** Level at which the threshold switches on. */
  readonly on: number;
  /** Level at which it switches off again. Below `on`: it is on for high numbers; above: for low numbers. */
  readonly off: number;
}

/** A switch with hysteresis: between the two levels it stays as it is. Without a number it is off. */
export function createThreshold({ on, off }: ThresholdLevels): (value: number | null) => boolean {
  const sign = on < off ? -1 : 1;
  let isOn = false;
  return (value) => {
    if (value === null) isOn = false;
    else if (sign * value >= sign * on) isOn = true;
    // With equal levels there is no span between them, and `on` wins.
    else if (sign * value <= sign * off) isOn = false;
    return isOn;
  };
}
