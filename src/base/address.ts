/** Where something listens on TCP. */
export interface Address {
  readonly host: string;
  readonly port: number;
}
