/** How a command tells dispatch.ts that it goes to the replicas as the client sent it. */

export let goesVerbatim: bool = false;

export function propagateVerbatim(): void {
  goesVerbatim = true;
}

export function clearEffects(): void {
  goesVerbatim = false;
}
