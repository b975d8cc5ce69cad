import { Button } from '@mui/material';
import { useState } from 'react';
import { texts } from '@/config/texts';

const MAX_UNFOLDED_LENGTH = 3_000; // characters
const FOLDED = { maxHeight: 320, overflow: 'hidden', maskImage: 'linear-gradient(#000 80%, transparent)' } as const;

/** Folds a long message: the styles of its text, and the button that shows all of it. */
export function useFolding(content: string) {
  const isLong = content.length > MAX_UNFOLDED_LENGTH;
  const [isWhole, setIsWhole] = useState(false);
  return {
    styles: isLong && !isWhole ? FOLDED : {},
    button: isLong && (
      <Button size="small" aria-expanded={isWhole} onClick={() => setIsWhole(!isWhole)} sx={{ minWidth: 0, py: 0 }}>
        {isWhole ? texts.chat.showLess : texts.chat.showAll({ n: content.length })}
      </Button>
    ),
  };
}
