import type { Country } from "../../ipc/bindings.gen";

/** A number as it is typed, without what people put between the digits. */
export function bare(phone: string): string {
  return phone.replace(/[^+\d]/g, "").replace(/^00/, "+");
}

/** The countries that a number may belong to, by how it begins: the longest beginning counts, and several may share it. */
export function countriesOf(phone: string, countries: readonly Country[]): Country[] {
  const digits = bare(phone);
  if (digits.length < 2) return [];
  const fitting = countries.filter(({ prefix }) => digits.startsWith(bare(prefix)));
  const longest = Math.max(0, ...fitting.map(({ prefix }) => bare(prefix).length));
  return fitting.filter(({ prefix }) => bare(prefix).length === longest);
}
