const NAMES: Record<string, string> = {
  windows: "Windows",
  darwin: "macOS",
  macos: "macOS",
  linux: "Linux",
  microsoft_365: "Microsoft 365",
  google: "Google Workspace",
  google_workspace: "Google Workspace",
};

/** Huntress's word for a platform as people write it; one that isn't known, as near as it can be read. */
export function platformName(word: string): string {
  const spaced = word.replaceAll("_", " ");
  return NAMES[word] ?? spaced.charAt(0).toUpperCase() + spaced.slice(1);
}
