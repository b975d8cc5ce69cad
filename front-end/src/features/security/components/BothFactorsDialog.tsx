import { useMutation } from '@tanstack/react-query';
import { useForm } from '@/lib/form';
import { FormDialog } from '@/components/FormDialog';
import { FormTextField, notBlank } from '@/components/FormTextField';
import { texts } from '@/config/texts';
import { securityTexts } from '@/config/texts/security';

const own = securityTexts.totp;

interface Props<Answer> {
  title: string;
  submitLabel: string;
  send: (values: { password: string; code: string }) => Promise<Answer>;
  onDone: (answer: Answer) => void;
  onClose: () => void;
}

/** Asks for the password and a code before two-step sign-in is changed. */
export function BothFactorsDialog<Answer>({ title, submitLabel, send, onDone, onClose }: Props<Answer>) {
  const { control, handleSubmit } = useForm({ defaultValues: { password: '', code: '' } });
  const change = useMutation({ mutationFn: send, onSuccess: onDone });
  const submit = handleSubmit(({ password, code }) => change.mutate({ password, code: code.trim() }));
  return (
    <FormDialog
      title={title}
      submitLabel={submitLabel}
      busy={change.isPending}
      error={change.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <FormTextField
        control={control}
        name="password"
        label={own.password}
        type="password"
        autoFocus
        autoComplete="current-password"
        validate={notBlank(texts.login.missing)}
      />
      <FormTextField
        control={control}
        name="code"
        label={own.anyCode}
        autoComplete="one-time-code"
        validate={notBlank(texts.login.missing)}
      />
    </FormDialog>
  );
}
