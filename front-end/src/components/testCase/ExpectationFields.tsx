import { Box } from '@mui/material';
import { SelectField } from '@/components/SelectField';
import { TextField } from '@/components/TextField';
import { actionLabel } from '@/components/turn/actionTexts';
import { texts } from '@/config/texts';
import { testCasesTexts } from '@/config/texts/testCases';
import { COMMON_LANGUAGES, languageLabel } from '@/lib/languages';
import type { Stage } from '@/lib/types';
import { NumberField } from '@/components/NumberField';
import { type Expectations, withValue } from './withValue';

type Action = NonNullable<Expectations['action']>;
type LookUp = NonNullable<Expectations['look_up']>;

interface Props {
  expect: Expectations;
  stages: readonly Stage[];
  onChange: (expect: Expectations) => void;
}

/** What is expected less often: the look-up, an action, the language and length of the reply, and the tokens. */
export function ExpectationFields({ expect, stages, onChange }: Props) {
  const { reply = {}, action } = expect;
  const change = <Name extends keyof Expectations>(name: Name, value: Expectations[Name] | '' | undefined) =>
    onChange(withValue(expect, name, value));
  const changeReply = <Name extends keyof typeof reply>(name: Name, value: (typeof reply)[Name] | '' | undefined) =>
    onChange(withValue(expect, 'reply', withValue(reply, name, value)));
  const { judged } = reply;
  return (
    <Box
      sx={{ display: 'grid', gap: 2, gridTemplateColumns: { xs: 'minmax(0, 1fr)', sm: 'repeat(2, minmax(0, 1fr))' } }}
    >
      <SelectField
        label={testCasesTexts.checks.look_up}
        value={expect.look_up ?? ''}
        onChange={(event) => change('look_up', event.target.value as LookUp | '')}
      >
        <option value="">{testCasesTexts.any}</option>
        {LOOK_UPS.map((each) => (
          <option key={each} value={each}>
            {texts.turn.retrievalStatuses[each]}
          </option>
        ))}
      </SelectField>
      <SelectField
        label={testCasesTexts.checks.language}
        value={reply.language ?? ''}
        onChange={(event) => changeReply('language', event.target.value)}
      >
        <option value="">{testCasesTexts.any}</option>
        {[...new Set([...COMMON_LANGUAGES, ...(reply.language ? [reply.language] : [])])].map((each) => (
          <option key={each} value={each}>
            {languageLabel(each)}
          </option>
        ))}
      </SelectField>
      <SelectField
        label={testCasesTexts.checks.action}
        value={action ? keyOf(action) : ''}
        onChange={(event) => {
          const chosen = actionsOf(stages, action).find((each) => keyOf(each) === event.target.value);
          change('action', chosen && { ...chosen, ...(action?.status ? { status: action.status } : {}) });
        }}
      >
        <option value="">{testCasesTexts.any}</option>
        {actionsOf(stages, action).map((each) => (
          <option key={keyOf(each)} value={keyOf(each)}>
            {actionLabel({ do: each.do ?? '', name: each.name ?? null })}
          </option>
        ))}
      </SelectField>
      <SelectField
        label={testCasesTexts.actionStatus}
        value={action?.status ?? 'done'}
        disabled={!action}
        onChange={(event) =>
          change('action', { ...action, status: event.target.value as NonNullable<Action['status']> })
        }
      >
        {ACTION_STATUSES.map((each) => (
          <option key={each} value={each}>
            {testCasesTexts.actionStatuses[each]}
          </option>
        ))}
      </SelectField>
      <TextField
        label={testCasesTexts.checks.matches}
        helperText={testCasesTexts.matchesHint}
        value={reply.matches ?? ''}
        onChange={(event) => changeReply('matches', event.target.value)}
        slotProps={{ htmlInput: { spellCheck: false, dir: 'ltr' } }}
      />
      <NumberField
        label={testCasesTexts.maxLength}
        value={reply.max_length}
        onChange={(value) => changeReply('max_length', value)}
      />
      <NumberField
        label={testCasesTexts.maxTokens}
        value={expect.max_tokens}
        onChange={(value) => change('max_tokens', value)}
      />
      <NumberField
        label={testCasesTexts.threshold}
        helperText={testCasesTexts.thresholdHint}
        value={judged?.threshold}
        step={0.05}
        disabled={!judged?.sentence.trim()}
        onChange={(value) => judged && changeReply('judged', withValue(judged, 'threshold', value))}
      />
    </Box>
  );
}

const LOOK_UPS = ['found', 'not_found', 'missing', 'failed', 'none'] as const;
const ACTION_STATUSES = ['done', 'skipped', 'waiting', 'failed'] as const;

/** Whether these fields show any expectation. */
export function hasFurther({ look_up, action, max_tokens, reply = {} }: Expectations): boolean {
  const { matches, language, max_length: maxLength, judged } = reply;
  return [look_up, action, max_tokens, matches, language, maxLength, judged?.threshold].some(
    (each) => each !== undefined,
  );
}

/** The actions of the stages, by their names if they have some, and the one that is expected. */
function actionsOf(stages: readonly Stage[], expected: Action | undefined): Action[] {
  const all = stages.flatMap((stage) => stage.actions as Action[]);
  const found: Action[] = all.map(({ do: kind, name }) => (name ? { name } : { do: kind ?? '' }));
  const { status: _, ...wanted } = expected ?? {};
  if (wanted.name ?? wanted.do) found.push(wanted);
  return [...new Map(found.map((each) => [keyOf(each), each])).values()];
}

function keyOf({ name, do: kind }: Action): string {
  return JSON.stringify([name ?? null, kind ?? null]);
}
