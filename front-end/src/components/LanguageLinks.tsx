import { Link, Stack } from '@mui/material';
import { texts } from '@/config/texts';
import { LANGUAGES, type Language, chooseLanguage, language } from '@/config/language';

/** The languages of the pages, by their own names. */
export function LanguageLinks() {
  return (
    <Stack
      component="nav"
      direction="row"
      aria-label={texts.common.language}
      useFlexGap
      sx={{ flexWrap: 'wrap', justifyContent: 'center', columnGap: 2, rowGap: 0.5 }}
    >
      {(Object.keys(LANGUAGES) as Language[]).map((each) => (
        <Link
          key={each}
          component="button"
          type="button"
          variant="body2"
          lang={each}
          color={each === language ? 'textPrimary' : 'primary'}
          underline={each === language ? 'none' : 'always'}
          aria-current={each === language ? 'true' : undefined}
          onClick={() => chooseLanguage(each)}
        >
          {LANGUAGES[each]}
        </Link>
      ))}
    </Stack>
  );
}
