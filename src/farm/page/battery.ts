/** The battery of a device, where its browser tells of it. */

interface Battery extends EventTarget {
  readonly charging: boolean;
  readonly level: number;
}

/** Undefined where the browser does not tell. `onChange` is called when its charge changes, or it is plugged in. */
export async function batteryOf(onChange: () => void): Promise<Battery | undefined> {
  const { getBattery } = navigator as { readonly getBattery?: () => Promise<Battery> };
  const battery = await getBattery?.call(navigator).catch(() => undefined);
  for (const type of ["chargingchange", "levelchange"]) battery?.addEventListener(type, onChange);
  return battery;
}
