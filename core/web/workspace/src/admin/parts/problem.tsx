/** What went wrong with a whole form; what is wrong with single fields stands beside them. */
import { ApiProblem } from "@passerelle/client";
import { useText } from "../../i18n";
import { Banner, problemOf } from "../../ui";

/** `shown`: fields that say their problem themselves. */
export function FormProblem({ problem, shown = [] }: { problem: unknown; shown?: readonly string[] }) {
  const t = useText();
  if (!problem) return null;
  const elsewhere = detailsBeside(problem, shown);
  if (elsewhere && !elsewhere.length) return null;
  return (
    <div role="alert">
      <Banner kind="bad">{elsewhere ? elsewhere.join(" ") : problemOf(t, problem)}</Banner>
    </div>
  );
}

/** The words about fields that nobody shows; null when the problem names no fields. */
function detailsBeside(problem: unknown, shown: readonly string[]): string[] | null {
  if (!(problem instanceof ApiProblem) || !Object.keys(problem.details).length) return null;
  const others = Object.entries(problem.details).filter(([field]) => !shown.includes(field));
  return others.flatMap(([, said]) => said.map((one) => one.description));
}
