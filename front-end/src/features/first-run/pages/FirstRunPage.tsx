import { Alert, Button, Stack, Step, StepLabel, Stepper, TextField, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { FormProvider, useForm } from 'react-hook-form';
import { Link } from 'react-router';
import { RulesModeChip } from '@/components/RulesModeChip';
import { Page } from '@/components/Page';
import { FixedReplyField, type StageTexts, StageTextFields, examplesOf } from '@/components/StageTextFields';
import { Card, ErrorNotice, QueryView } from '@/components/states';
import { MessageBubble } from '@/components/turn/Messages';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { randomId } from '@/lib/ids';
import { businessQuery, stagesQuery } from '@/lib/queries';
import { useSession } from '@/lib/session';
import { useDescribeBusiness, useFirstMessage, useFirstStage } from '../api/firstRun';

/** Guides an owner from an empty business to the first answered message. Completed steps are skipped on return. */
export default function FirstRunPage() {
  const stages = useQuery(stagesQuery());
  const [passed, setPassed] = useState(0);
  const { canEdit } = useSession();
  if (!canEdit)
    return (
      <Page title={texts.firstRun.title}>
        <Alert severity="info" role="note">
          {texts.common.readOnly}
        </Alert>
      </Page>
    );
  return (
    <Page title={texts.firstRun.title} description={texts.firstRun.description}>
      <RulesModeChip />
      <QueryView query={stages}>
        {(rows) => {
          const step = Math.max(passed, rows.length ? 2 : 0);
          return (
            <Stack spacing={3} sx={{ maxWidth: 760 }}>
              <Stepper activeStep={step} alternativeLabel>
                {texts.firstRun.steps.map((label) => (
                  <Step key={label}>
                    <StepLabel>{label}</StepLabel>
                  </Step>
                ))}
              </Stepper>
              {step === 0 && <BusinessStep onDone={() => setPassed(1)} />}
              {step === 1 && <StageStep onDone={() => setPassed(2)} />}
              {step === 2 && <MessageStep />}
            </Stack>
          );
        }}
      </QueryView>
    </Page>
  );
}

function Form({
  title,
  hint,
  onSubmit,
  children,
}: {
  title: string;
  hint: string;
  onSubmit: () => void;
  children: ReactNode;
}) {
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <Card component="section">
      <Stack component="form" noValidate onSubmit={submit} spacing={2}>
        <Typography variant="h2">{title}</Typography>
        <Typography variant="body2" color="textSecondary">
          {hint}
        </Typography>
        {children}
      </Stack>
    </Card>
  );
}

function BusinessStep({ onDone }: { onDone: () => void }) {
  const { business } = useSession();
  const present = useQuery(businessQuery(business.business_id));
  const describe = useDescribeBusiness(business.business_id);
  const [text, setText] = useState(business.business_description ?? '');
  const submit = () => {
    if (text === (business.business_description ?? '')) return onDone();
    describe.mutate({ description: text, etag: present.data?.etag ?? null }, { onSuccess: onDone });
  };
  return (
    <Form title={texts.firstRun.business} hint={texts.firstRun.businessHint} onSubmit={submit}>
      <TextField
        multiline
        minRows={4}
        autoFocus
        label={texts.common.description}
        placeholder={texts.firstRun.businessPlaceholder}
        value={text}
        onChange={(event) => setText(event.target.value)}
        slotProps={{ htmlInput: { maxLength: 5000 } }}
      />
      {describe.error && <ErrorNotice error={describe.error} />}
      <Button type="submit" variant="contained" disabled={describe.isPending} sx={{ alignSelf: 'flex-start' }}>
        {texts.firstRun.next}
      </Button>
    </Form>
  );
}

function StageStep({ onDone }: { onDone: () => void }) {
  const create = useFirstStage();
  const methods = useForm<StageTexts>({
    mode: 'onChange',
    defaultValues: {
      stage_name: texts.firstRun.stageName,
      stage_description: texts.firstRun.stageDescription,
      examples: texts.firstRun.stageExamples,
      fixed_reply: texts.firstRun.stageReply,
    },
  });
  const submit = methods.handleSubmit(({ stage_name, stage_description, examples, fixed_reply }) =>
    create.mutate(
      {
        stage_name: stage_name.trim(),
        stage_description: stage_description.trim(),
        example_messages: examplesOf(examples),
        fixed_reply: fixed_reply.trim() || null,
      },
      { onSuccess: onDone },
    ),
  );
  return (
    <Form title={texts.firstRun.stage} hint={texts.firstRun.stageHint} onSubmit={() => void submit()}>
      <FormProvider {...methods}>
        <StageTextFields autoFocus />
        <FixedReplyField />
      </FormProvider>
      {create.error && <ErrorNotice error={create.error} />}
      <Stack direction="row" useFlexGap spacing={1} sx={{ flexWrap: 'wrap' }}>
        <Button type="submit" variant="contained" disabled={create.isPending}>
          {texts.firstRun.next}
        </Button>
        <Button component={Link} to={paths.stageEditor('new')}>
          {texts.firstRun.skip}
        </Button>
      </Stack>
    </Form>
  );
}

function MessageStep() {
  const first = useFirstMessage();
  const [text, setText] = useState<string>(texts.firstRun.firstMessage);
  const [key, setKey] = useState(() => randomId());
  const submit = () => {
    if (text.trim() && !first.isPending) first.mutate({ message: text.trim(), key });
  };
  if (first.data) {
    const { userId, answer } = first.data;
    return (
      <Card component="section">
        <Stack spacing={2}>
          <Typography variant="h2">{texts.firstRun.done}</Typography>
          <Stack spacing={1.5}>
            <MessageBubble from="user" content={text.trim()} />
            <MessageBubble from="assistant" content={answer.response ?? texts.chat.held} />
          </Stack>
          <Button
            variant="contained"
            component={Link}
            to={paths.chatWith(userId, answer.conversation_id)}
            sx={{ alignSelf: 'flex-start' }}
          >
            {texts.firstRun.seeWhy}
          </Button>
        </Stack>
      </Card>
    );
  }
  return (
    <Form title={texts.firstRun.message} hint={texts.firstRun.messageHint} onSubmit={submit}>
      <TextField
        multiline
        autoFocus
        label={texts.chat.message}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setKey(randomId());
        }}
        slotProps={{ htmlInput: { maxLength: 20_000 } }}
      />
      {first.error && <ErrorNotice error={first.error} />}
      <Button
        type="submit"
        variant="contained"
        disabled={first.isPending || !text.trim()}
        sx={{ alignSelf: 'flex-start' }}
      >
        {first.isPending ? texts.firstRun.sending : texts.firstRun.send}
      </Button>
    </Form>
  );
}
