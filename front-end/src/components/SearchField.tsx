import type { SxProps, Theme } from '@mui/material/styles';
import { useEffect, useRef, useState } from 'react';
import { TextField } from './TextField';

const TYPING_PAUSE = 300; // milliseconds after the last key until the search starts

interface Props {
  label: string;
  /** The words that are searched for, such as those in the query string. */
  value: string;
  onChange: (value: string) => void;
  sx?: SxProps<Theme>;
}

/** A field that searches while the user types, without waiting for Enter. */
export function SearchField({ label, value, onChange, sx }: Props) {
  const [words, setWords] = useState(value);
  const [shown, setShown] = useState(value);
  if (shown !== value) {
    // The value has changed otherwise, for example because the filters were cleared.
    setShown(value);
    if (value !== words.trim()) setWords(value);
  }
  const change = useRef(onChange);
  useEffect(() => {
    change.current = onChange;
  });
  useEffect(() => {
    const next = words.trim();
    if (next === value) return;
    const timer = setTimeout(() => change.current(next), TYPING_PAUSE);
    return () => clearTimeout(timer);
  }, [words, value]);
  return (
    <TextField
      label={label}
      type="search"
      value={words}
      onChange={(event) => setWords(event.target.value)}
      slotProps={{ htmlInput: { maxLength: 200, dir: 'auto' } }}
      {...(sx ? { sx } : {})}
    />
  );
}
