/** What a form says of its settings, by their keys. */
export interface Told {
  problem: (key: string) => { key: string; message: string; remedy: string | null } | null;
  missing: readonly string[];
}
