/** Types for Alpine's components: `this` is the data and what Alpine adds to it. */

export interface Magic {
  readonly $el: HTMLElement;
  readonly $root: HTMLElement;
  readonly $refs: Record<string, HTMLElement | undefined>;
  $nextTick(act: () => void): void;
}

export function component<T extends object>(data: T & ThisType<T & Magic>): T {
  return data;
}
