/** Asks a map that is drawn to ask for its data anew, and to show them without moving. */
export const RENEW = "map:renew";
