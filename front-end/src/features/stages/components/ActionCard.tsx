import { Box, Checkbox, Collapse, FormControlLabel, IconButton, Paper, Stack, Typography } from '@mui/material';
import { useId, useState } from 'react';
import { Tooltip } from '@/components/Tooltip';
import { SelectField } from '@/components/SelectField';
import { TextField } from '@/components/TextField';
import { PlaceholderEditor } from '@/components/PlaceholderEditor';
import { DeleteIcon, DownIcon, ExpandIcon, UpIcon } from '@/components/icons';
import { texts } from '@/config/texts';
import { actions as words } from '@/config/texts/actions';
import { useActionPlaceholderNames } from '@/lib/placeholderNames';
import { actionDetails, actionName } from './ActionSummary';
import { ActionValues } from './ActionValues';
import { ActionWhen } from './ActionWhen';
import { FormOrJson } from './FormOrJson';
import {
  type Action,
  KINDS,
  type Kind,
  type Problem,
  isActionForm,
  isActionList,
  problemText,
  withKind,
  withPart,
} from './actionForm';
import type { CollectedField } from './conditions';
import type { PermittedFields } from './usePermittedFields';
import { useInvalid } from './validity';

interface Props {
  number: number;
  total: number;
  action: Action;
  onChange: (action: Action) => void;
  /** Moves the action by one place, up (-1) or down (1). */
  onMove: (step: -1 | 1) => void;
  onRemove: () => void;
  isOpen: boolean;
  onToggle: () => void;
  fields: readonly CollectedField[];
  permitted: PermittedFields;
  problems: readonly Problem[];
}

/** One action: a line that says what it does, and its form below. */
export function ActionCard(props: Props) {
  const { number, total, action, onChange, onMove, onRemove, isOpen, onToggle, problems } = props;
  const id = useId();
  const name = actionName(action);
  const title = words.heading({ n: number, name });
  return (
    <Paper
      variant="outlined"
      component="li"
      aria-label={title}
      sx={{ minWidth: 0, ...(problems.length ? { borderColor: 'error.main' } : {}) }}
    >
      <Stack direction="row" sx={{ alignItems: 'center', gap: 0.5, px: 1.5, py: 1, flexWrap: 'wrap' }}>
        <Box sx={{ flex: '1 1 200px', minWidth: 0 }}>
          <Typography variant="h3" sx={{ overflowWrap: 'anywhere' }}>
            {title}
          </Typography>
          <Typography variant="body2" color="textSecondary" sx={{ overflowWrap: 'anywhere' }}>
            {actionDetails(action)}
          </Typography>
        </Box>
        <Stack direction="row" sx={{ ml: 'auto' }}>
          <Tool label={words.up({ name })} disabled={number === 1} onClick={() => onMove(-1)}>
            <UpIcon />
          </Tool>
          <Tool label={words.down({ name })} disabled={number === total} onClick={() => onMove(1)}>
            <DownIcon />
          </Tool>
          <Tool label={words.remove({ name })} onClick={onRemove}>
            <DeleteIcon />
          </Tool>
          <Tool label={words.edit({ name })} isExpanded={isOpen} controls={id} onClick={onToggle}>
            <ExpandIcon sx={{ transform: isOpen ? 'rotate(180deg)' : 'none' }} />
          </Tool>
        </Stack>
      </Stack>
      <Collapse in={isOpen} id={id} unmountOnExit>
        <Stack spacing={2} sx={{ px: 1.5, pb: 1.5, pt: 1 }}>
          {problems.map((each) => (
            <Typography key={each.path + each.message} variant="body2" color="error">
              {problemText(each)}
            </Typography>
          ))}
          <FormOrJson
            label={words.actionJson}
            value={action}
            onChange={onChange}
            accepts={(value): value is Action => isActionList([value])}
            invalid={words.actionInvalid}
            isForm={isActionForm(action)}
            editAsJson={words.editActionAsJson}
          >
            <ActionForm {...props} />
          </FormOrJson>
        </Stack>
      </Collapse>
    </Paper>
  );
}

interface ToolProps {
  label: string;
  disabled?: boolean;
  isExpanded?: boolean;
  controls?: string;
  onClick: () => void;
  children: React.ReactNode;
}

function Tool({ label, disabled = false, isExpanded, controls, onClick, children }: ToolProps) {
  return (
    <Tooltip title={label}>
      {/* A disabled button has no tooltip, and would lose the focus when the action reaches the end of the list. */}
      <IconButton
        aria-label={label}
        aria-disabled={disabled}
        aria-expanded={isExpanded}
        aria-controls={isExpanded ? controls : undefined}
        onClick={() => !disabled && onClick()}
        sx={disabled ? { opacity: 0.38 } : {}}
      >
        {children}
      </IconButton>
    </Tooltip>
  );
}

function ActionForm({ action, onChange, fields, permitted }: Props) {
  const names = useActionPlaceholderNames();
  const [asks, setAsks] = useState(action.confirm !== undefined);
  const needsQuestion = asks && !action.confirm?.trim();
  const shows = useInvalid(needsQuestion);
  const set = <Name extends Exclude<keyof Action, 'do'>>(name: Name, part: Action[Name]) =>
    onChange(withPart(action, name, part));
  return (
    <Stack spacing={2}>
      <Box
        sx={{ display: 'grid', gap: 2, gridTemplateColumns: { xs: 'minmax(0, 1fr)', sm: 'repeat(2, minmax(0, 1fr))' } }}
      >
        <SelectField
          label={words.kind}
          value={action.do}
          onChange={(event) => {
            const kind = event.target.value as Kind;
            const columns = kind === 'update_order' || kind === 'update_customer' ? permitted[kind] : [];
            onChange(withKind(action, kind, columns));
          }}
          helperText={words.kindHints[action.do]}
        >
          {KINDS.map((kind) => (
            <option key={kind} value={kind}>
              {texts.turn.actions.kinds[kind]}
            </option>
          ))}
        </SelectField>
        <TextField
          label={words.name}
          value={action.name ?? ''}
          onChange={(event) => set('name', event.target.value)}
          helperText={words.nameHint}
          slotProps={{ htmlInput: { maxLength: 200 } }}
        />
      </Box>
      <ActionValues
        key={action.do}
        kind={action.do as Kind}
        values={action.with ?? {}}
        onChange={(values) => set('with', values)}
        permitted={permitted}
      />
      <ActionWhen value={action.when ?? {}} onChange={(when) => set('when', when)} fields={fields} />
      <div>
        <FormControlLabel
          control={
            <Checkbox
              checked={asks}
              onChange={(_, isAsking) => {
                setAsks(isAsking);
                if (!isAsking) set('confirm', undefined);
              }}
            />
          }
          label={words.ask}
        />
        {asks && (
          <Box sx={{ mt: 1 }}>
            <PlaceholderEditor
              compact="text"
              minRows={2}
              label={words.question}
              hint={words.questionHint}
              placeholder={words.questionExample}
              error={needsQuestion && shows ? words.questionNeeded : undefined}
              value={action.confirm ?? ''}
              onChange={(question) => set('confirm', question)}
              names={names}
            />
          </Box>
        )}
      </div>
      <SelectField
        label={words.onFailure}
        value={action.on_failure ?? 'continue'}
        onChange={(event) => set('on_failure', event.target.value === 'continue' ? undefined : event.target.value)}
      >
        {Object.entries(words.onFailures).map(([each, label]) => (
          <option key={each} value={each}>
            {label}
          </option>
        ))}
      </SelectField>
    </Stack>
  );
}
