/** The search in the top bar: leads to the page of results. */
import { type FormEvent, useEffect, useState } from "react";
import { useLocation, useSearchParams } from "wouter";
import { useText } from "../i18n";
import { Icon, Keys } from "../ui";

export const SEARCH_ID = "search-box";

export function SearchBox() {
  const t = useText();
  const [location, navigate] = useLocation();
  const [params] = useSearchParams();
  const asked = location === "/search" ? (params.get("query") ?? "") : "";
  const [words, setWords] = useState(asked);
  useEffect(() => setWords(asked), [asked]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const query = words.trim();
    if (query) navigate(`/search?query=${encodeURIComponent(query)}`);
  };
  return (
    <search className="search-box">
      <form onSubmit={submit}>
        <Icon name="search" size={16} />
        <input
          id={SEARCH_ID}
          className="search-input"
          type="search"
          placeholder={t("searchPlaceholder")}
          aria-label={t("searchPlaceholder")}
          title={t("searchHint")}
          value={words}
          autoComplete="off"
          maxLength={500}
          onChange={(event) => setWords(event.target.value)}
        />
        <Keys keys="/" />
      </form>
    </search>
  );
}
