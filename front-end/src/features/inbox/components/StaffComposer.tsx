import { Box, Button, IconButton, InputBase, Stack } from '@mui/material';
import { type FormEvent, type KeyboardEvent, type RefObject, useState } from 'react';
import { ToggleButtons } from '@/components/ToggleButtons';
import { Tooltip } from '@/components/Tooltip';
import { CannedIcon, NoteIcon, SendIcon } from '@/components/icons';
import { ErrorNotice } from '@/components/states';
import { ScreenReaderText } from '@/components/ScreenReaderText';
import { texts } from '@/config/texts';
import { type ApiError, asApiError } from '@/lib/errors';
import { formatList } from '@/lib/intl';
import { useSession } from '@/lib/session';
import { type Outgoing, useSend } from '../api/actions';
import { sendingOf, useDraft } from '../api/drafts';
import { type Handler, needsTakeOver } from '../api/handler';
import type { ConversationDetail } from '@/lib/types';
import { CannedReplies } from './CannedReplies';
import { useCannedReplies } from './useCannedReplies';
import { type ConversationActions, handlerIn } from './useConversationActions';

export type Kind = 'reply' | 'note';

interface Props {
  detail: ConversationDetail;
  handler: Handler;
  kind: Kind;
  onKind: (kind: Kind) => void;
  actions: ConversationActions;
  area: RefObject<HTMLTextAreaElement | null>;
  /** Called when the user leaves the field with Escape. */
  onLeave: () => void;
  /** Called when the user types. */
  onTyping: () => void;
}

/** Writes replies to the customer, and notes for the team. The first reply takes the conversation over. */
export function StaffComposer({ detail, handler, kind, onKind, actions, area, onLeave, onTyping }: Props) {
  const id = detail.conversation_id;
  const { me } = useSession();
  const [draft, setDraft] = useDraft(id);
  const [error, setError] = useState<ApiError | null>(null);
  const send = useSend(id);
  const isNote = kind === 'note';
  const text = draft[kind] ?? '';
  const takesOver = !isNote && needsTakeOver(handler, me);
  const isClosed = handler === 'closed' && !isNote;
  const canSend = text.trim() !== '' && !send.isPending && !isClosed;
  const change = (next: string) => setDraft({ [kind]: next });
  const canned = useCannedReplies({ conversationId: id, area, text, onChange: change, enabled: !isNote });

  const submit = async (outgoing: Outgoing) => {
    setError(null);
    try {
      await send.mutateAsync(outgoing);
      setDraft({ [outgoing.isNote ? 'note' : 'reply']: '', sending: undefined });
      canned.clearMissing();
    } catch (problem) {
      const colleague = handlerIn(problem);
      if (colleague) actions.askToTakeOver(colleague, () => void submit({ ...outgoing, force: true }));
      else setError(asApiError(problem));
    }
    // The button that was clicked may be disabled now. A user who has left the field meanwhile is not brought back.
    const focused = document.activeElement;
    if (focused === document.body || area.current?.form?.contains(focused)) area.current?.focus();
  };
  const onSubmit = (event?: FormEvent) => {
    event?.preventDefault();
    if (!canSend) return;
    const sending = sendingOf(draft, text, isNote);
    setDraft({ sending });
    const outgoing = { ...sending, takeOver: takesOver };
    if (takesOver && handler === 'colleague') {
      const name = detail.assignee_name ?? texts.inbox.unnamedColleague;
      actions.askToTakeOver(name, () => void submit({ ...outgoing, force: true }));
    } else void submit(outgoing);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // While an input method composes a word (Japanese, Chinese, ...), Enter confirms the word.
    if (canned.onKeyDown(event) || event.nativeEvent.isComposing) return;
    if (event.key === 'Escape') onLeave();
    else if (event.key === 'Enter' && !event.shiftKey) onSubmit();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const problem = error ?? canned.error;
  return (
    <Box
      component="form"
      aria-label={isNote ? texts.inbox.note : texts.inbox.composer}
      onSubmit={onSubmit}
      sx={{ px: { xs: 1.5, md: 2.5 }, pt: 1, pb: 1.5, bgcolor: 'background.paper' }}
    >
      {problem && (
        <Box sx={{ mb: 1 }}>
          <ErrorNotice
            title={error ? texts.inbox.sendFailed : texts.inbox.cannedFailed}
            error={problem}
            onClose={() => {
              setError(null);
              canned.clearError();
            }}
          />
        </Box>
      )}
      <Box
        sx={{
          position: 'relative',
          border: 1,
          borderStyle: isNote ? 'dashed' : 'solid',
          borderColor: isNote ? 'warning.main' : 'divider',
          borderRadius: 1.25,
          bgcolor: isNote
            ? 'color-mix(in srgb, var(--mui-palette-warning-main) 10%, var(--mui-palette-background-paper))'
            : 'background.paper',
          '&:focus-within': {
            borderColor: isNote ? 'warning.main' : 'primary.main',
            outline: '1px solid',
            outlineColor: isNote ? 'warning.main' : 'primary.main',
          },
        }}
      >
        {canned.isOpen && (
          <CannedReplies
            id={canned.id}
            choices={canned.choices}
            active={canned.index}
            isEmpty={canned.isEmpty}
            onTake={canned.take}
          />
        )}
        <InputBase
          multiline
          fullWidth
          minRows={2}
          maxRows={10}
          value={text}
          inputRef={area}
          readOnly={send.isPending}
          placeholder={placeholderOf(kind, handler, detail, takesOver)}
          onChange={(event) => {
            change(event.target.value);
            canned.onCaret(event.target.selectionStart);
            onTyping();
          }}
          onBlur={() => canned.onCaret(null)}
          onKeyDown={onKeyDown}
          inputProps={{
            'aria-label': isNote ? texts.inbox.note : texts.inbox.reply,
            'aria-describedby': `${canned.id}-hint`,
            'aria-autocomplete': 'list',
            ...(canned.isOpen && canned.choices.length
              ? { 'aria-controls': canned.id, 'aria-activedescendant': `${canned.id}-${canned.index}` }
              : {}),
            maxLength: 20_000,
            dir: text ? 'auto' : undefined, // an empty field would show its placeholder from left to right
            'data-composer': kind,
          }}
          sx={{ px: 1.5, pt: 1, '& textarea::placeholder': { color: 'text.secondary', opacity: 1 } }}
        />
        <Stack
          direction="row"
          useFlexGap
          spacing={1}
          sx={{ alignItems: 'center', p: 0.75, pt: 0.25, flexWrap: 'wrap' }}
        >
          <ToggleButtons<Kind>
            label={texts.inbox.composerKind}
            options={[
              { value: 'reply', label: texts.inbox.reply },
              { value: 'note', label: texts.inbox.note },
            ]}
            selected={[kind]}
            onToggle={(next) => {
              onKind(next);
              area.current?.focus();
            }}
          />
          {!isNote && (
            <Tooltip title={texts.inbox.cannedButton}>
              <IconButton size="small" aria-label={texts.inbox.cannedButton} onClick={canned.open}>
                <CannedIcon />
              </IconButton>
            </Tooltip>
          )}
          <Box sx={{ flexGrow: 1 }} />
          <Button
            type="submit"
            size="small"
            variant="contained"
            color={isNote ? 'warning' : 'primary'}
            disabled={!canSend}
            startIcon={isNote ? <NoteIcon /> : <SendIcon />}
            sx={{ '& .MuiButton-startIcon': { display: { xs: 'none', sm: 'inherit' } } }}
          >
            {send.isPending ? texts.inbox.sending : sendLabel(isNote, takesOver)}
          </Button>
        </Stack>
      </Box>
      <Box
        component="p"
        id={`${canned.id}-hint`}
        sx={{
          m: 0,
          mt: 0.5,
          px: 0.5,
          fontSize: '0.75rem',
          color: 'text.secondary',
          display: { xs: 'none', md: 'block' },
        }}
      >
        {isNote ? texts.inbox.noteHint : texts.inbox.sendHint}
      </Box>
      {canned.missing.length > 0 && !isNote && (
        <Box role="status" sx={{ mt: 0.5, px: 0.5, fontSize: '0.8rem', color: 'warning.main' }}>
          {texts.inbox.cannedMissing({ names: formatList(canned.missing.map((each) => `{${each}}`)) })}
        </Box>
      )}
      <ScreenReaderText role="status">
        {canned.isOpen ? texts.inbox.cannedHint({ n: canned.choices.length }) : ''}
      </ScreenReaderText>
    </Box>
  );
}

function sendLabel(isNote: boolean, takesOver: boolean): string {
  if (isNote) return texts.inbox.addNote;
  return takesOver ? texts.inbox.takeOverAndSend : texts.inbox.send;
}

function placeholderOf(kind: Kind, handler: Handler, detail: ConversationDetail, takesOver: boolean): string {
  if (kind === 'note') return texts.inbox.notePlaceholder;
  if (handler === 'closed') return texts.inbox.handler.closed;
  if (handler === 'colleague') {
    return texts.inbox.takeOverFromPlaceholder({ name: detail.assignee_name ?? texts.inbox.unnamedColleague });
  }
  return takesOver && handler !== 'nobody' ? texts.inbox.takeOverPlaceholder : texts.inbox.replyPlaceholder;
}
