import { IconButton, Stack } from '@mui/material';
import type { FormEvent, KeyboardEvent } from 'react';
import { Tooltip } from '@/components/Tooltip';
import { SendIcon, StopIcon } from '@/components/icons';
import { TextField } from '@/components/TextField';
import { texts } from '@/config/texts';

interface Props {
  text: string;
  onChange: (text: string) => void;
  onSend: () => void;
  onStop: () => void;
  isSending: boolean;
  disabled: boolean;
}

export function Composer({ text, onChange, onSend, onStop, isSending, disabled }: Props) {
  const canSend = !disabled && !isSending && text.trim() !== '';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (canSend) onSend();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // While an input method composes a word (Japanese, Chinese, ...), Enter confirms the word.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    if (canSend) onSend();
  };
  return (
    <Stack component="form" direction="row" spacing={1} onSubmit={submit} sx={{ alignItems: 'flex-end' }}>
      <TextField
        multiline
        maxRows={6}
        value={text}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={onKeyDown}
        placeholder={texts.chat.messagePlaceholder}
        disabled={disabled}
        slotProps={{
          htmlInput: {
            'aria-label': texts.chat.message,
            maxLength: 20_000,
            dir: text ? 'auto' : undefined, // an empty field would show its placeholder from left to right
            title: texts.chat.sendHint,
          },
        }}
      />
      {isSending ? (
        <Tooltip title={texts.chat.stop}>
          <IconButton type="button" aria-label={texts.chat.stop} onClick={onStop} color="primary">
            <StopIcon />
          </IconButton>
        </Tooltip>
      ) : (
        <Tooltip title={texts.chat.send}>
          <IconButton type="submit" aria-label={texts.chat.send} disabled={!canSend} color="primary">
            <SendIcon />
          </IconButton>
        </Tooltip>
      )}
    </Stack>
  );
}
