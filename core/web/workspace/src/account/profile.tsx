/** The agent's name and password. */
import { useForm } from "../admin/parts/form";
import { FormProblem } from "../admin/parts/problem";
import { useCommonText } from "../admin/parts/texts";
import { api } from "../desk/api";
import { useMe, useSession } from "../session/session";
import { Button, Field, Page, Section, toast } from "../ui";
import { useAccountText } from "./texts";

export function ProfilePage() {
  const t = useAccountText();
  return (
    <Page title={t("profile")} intro={t("profileIntro")}>
      <Names />
      <Password />
    </Page>
  );
}

function Names() {
  const t = useAccountText();
  const common = useCommonText();
  const me = useMe();
  const form = useForm({ name: me.name });
  const save = async () => {
    const isDone = await form.submit(async (change) => {
      useSession.setState({ state: "in", me: await api.me.update(change) }, true);
    });
    if (isDone) toast({ kind: "done", text: common("saved") });
  };
  return (
    <Section title={t("profile")}>
      <form
        noValidate
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <FormProblem problem={form.problem} shown={["name"]} />
        <Field
          label={t("name")}
          help={t("nameHelp")}
          value={form.draft.name}
          onChange={(name) => form.change({ name })}
          error={form.about("name")}
          autoComplete="name"
          isRequired
        />
        <Field label={t("email")} help={t("emailHelp")} value={me.email} isReadOnly />
        <div>
          <Button type="submit" kind="primary" busy={form.isBusy} isDisabled={!form.isChanged}>
            {common("save")}
          </Button>
        </div>
      </form>
    </Section>
  );
}

const NOTHING = { previous: "", password: "", again: "" };

function Password() {
  const t = useAccountText();
  const me = useMe();
  const form = useForm(NOTHING);
  const { draft, change, about } = form;
  const differs = draft.again !== "" && draft.again !== draft.password;
  const isWhole = draft.previous !== "" && draft.password !== "" && draft.again === draft.password;
  const save = async () => {
    if (!(await form.submit((now) => api.me.changePassword(now.password, now.previous)))) return;
    form.reset(NOTHING);
    toast({ kind: "done", text: t("passwordChanged") });
  };
  return (
    <Section title={t("password")} intro={t("passwordIntro")}>
      <form
        noValidate
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (isWhole) void save();
        }}
      >
        <FormProblem problem={form.problem} shown={["password", "previous_password"]} />
        {/* Password managers want to know whose password it is. */}
        <input
          className="hidden"
          type="email"
          autoComplete="username"
          value={me.email}
          readOnly
          tabIndex={-1}
          aria-hidden
        />
        <Field
          label={t("passwordOld")}
          type="password"
          autoComplete="current-password"
          value={draft.previous}
          onChange={(previous) => change({ previous })}
          error={about("previous_password")}
        />
        <div className="form-pair">
          <Field
            label={t("passwordNew")}
            help={t("passwordNewHelp")}
            type="password"
            autoComplete="new-password"
            value={draft.password}
            onChange={(password) => change({ password })}
            error={about("password")}
          />
          <Field
            label={t("passwordAgain")}
            type="password"
            autoComplete="new-password"
            value={draft.again}
            onChange={(again) => change({ again })}
            error={differs ? t("passwordDiffers") : undefined}
          />
        </div>
        <div>
          <Button type="submit" kind="primary" busy={form.isBusy} isDisabled={!isWhole}>
            {t("passwordChange")}
          </Button>
        </div>
      </form>
    </Section>
  );
}
