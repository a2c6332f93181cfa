/** A mail's HTML as a still picture: it runs nothing, loads nothing and leads nowhere; its styles are kept as data. */
export function still(html: string): string {
  const page = new DOMParser().parseFromString(html, "text/html");
  for (const element of page.querySelectorAll("script, style, link, base, meta, iframe, object, embed, form")) element.remove();
  for (const element of page.querySelectorAll<HTMLElement>("*")) {
    for (const { name, value } of [...element.attributes]) {
      if (name === "style") element.dataset.style = value;
      if (["style", "src", "srcset", "href", "background", "action"].includes(name) || name.startsWith("on")) element.removeAttribute(name);
    }
  }
  return page.documentElement.outerHTML;
}
