/**
 * How many bytes there are in all, and of each owner, and how many there may be.
 * Lacks: what they are of.
 */

export interface RoomLimits {
  readonly all: number;
  /** Of one owner, so that one cannot take it from the others. */
  readonly ofOwner: number;
}

export class Room {
  readonly #limits: RoomLimits;
  #all = 0;
  readonly #owners = new Map<string, number>();

  constructor(limits: RoomLimits) {
    this.#limits = limits;
  }

  /** So many more, or fewer. */
  add(owner: string, bytes: number): void {
    this.#all += bytes;
    this.#owners.set(owner, (this.#owners.get(owner) ?? 0) + bytes);
  }

  fits(owner: string, bytes: number): boolean {
    const { all, ofOwner } = this.#limits;
    return this.#all + bytes <= all && (this.#owners.get(owner) ?? 0) + bytes <= ofOwner;
  }
}
