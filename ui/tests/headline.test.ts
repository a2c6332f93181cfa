import { describe, expect, it } from "vitest";
import { headline, headlineWithout } from "../src/text/headline";

describe("a ticket's headline", () => {
  it.each([
    ["[Huntress] [Unmapped Org] CRITICAL - Incident on SRV01 (Acme)", "Incident on SRV01 (Acme)"],
    ["[Huntress] Huntress EDR Low Foothold | FPE-EXEC-04 (Acme)", "Foothold on FPE-EXEC-04 (Acme)"],
    ["[Huntress] Huntress ITDR High Credential Theft | dana@acme.test", "Credential Theft on dana@acme.test"],
    ["Huntress [EDR] Critical Incident | Malware on SRV01 (Acme)", "Malware on SRV01 (Acme)"],
    ["Huntress [EDR] Critical Ransomware | Canary tripped on SRV01 (Acme)", "Ransomware: Canary tripped on SRV01 (Acme)"],
    ["Huntress moved | SRV01", "Huntress moved | SRV01"],
    ["Huntress EDR Low Foothold (Acme | Sons)", "Huntress EDR Low Foothold (Acme | Sons)"],
    ["[Huntress]", "[Huntress]"],
  ])("of %s says what happened and where", (title, short) => {
    expect(headline(title)).toBe(short);
  });

  it("leaves the organization to the group that is headed by it", () => {
    expect(headlineWithout("Huntress EDR Low Foothold | SRV01 (Acme)", "Acme")).toBe("Foothold on SRV01");
  });
});
