import { Box, Typography } from '@mui/material';
import { useEffect, useRef, useState } from 'react';
import { SelectField } from '@/components/SelectField';
import { channelTexts } from '@/config/texts/channels';
import { languageLabel } from '@/lib/languages';
import { Panel } from '../../../../widget/panel';
import { applyColor, sheet } from '../../../../widget/styles';
import { directionOf, textsOf } from '../../../../widget/texts';
import { appearanceOf, previewChat } from './previewChat';
import type { Settings } from './settingsSchema';

/** The window of the chat widget with unsaved settings, in the code that visitors get. */
export function WidgetPreview({ name, settings }: { name: string; settings: Settings }) {
  const host = useRef<HTMLDivElement>(null);
  const [chosen, setChosen] = useState('');
  const languages = languagesOf(settings);
  const language = languages.includes(chosen) ? chosen : (languages[0] ?? 'en');
  const appearance = JSON.stringify(appearanceOf(name, settings, language));
  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const root = element.shadowRoot ?? element.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [sheet(), frame()];
    const chat = previewChat(JSON.parse(appearance) as ReturnType<typeof appearanceOf>);
    const panel = new Panel(chat, textsOf(language), language, directionOf(language), () => undefined);
    applyColor(element, chat.appearance?.color ?? null);
    root.replaceChildren(panel.element);
    panel.element.hidden = false;
    panel.render();
  }, [appearance, language]);
  return (
    <Box
      component="section"
      aria-label={channelTexts.preview}
      sx={{ width: { xs: '100%', lg: 400 }, minWidth: 0, position: { lg: 'sticky' }, top: 16 }}
    >
      <Typography variant="h3" gutterBottom>
        {channelTexts.preview}
      </Typography>
      <Typography variant="body2" color="textSecondary" sx={{ mb: 2 }}>
        {channelTexts.previewHint}
      </Typography>
      {languages.length > 1 && (
        <SelectField
          label={channelTexts.previewLanguage}
          value={language}
          onChange={(event) => setChosen(event.target.value)}
          sx={{ mb: 1.5 }}
        >
          {languages.map((tag) => (
            <option key={tag} value={tag}>
              {languageLabel(tag)}
            </option>
          ))}
        </SelectField>
      )}
      {/* Nothing in the preview can be used. */}
      <div ref={host} inert style={{ maxWidth: 380 }} />
    </Box>
  );
}

/** Places the window in the page instead of in a corner. */
function frame(): CSSStyleSheet {
  const style = new CSSStyleSheet();
  style.replaceSync(
    ':host { position: static; display: block } .panel { position: static; width: 100%; height: 480px; animation: none }',
  );
  return style;
}

/** The languages of the widget, and those in which a text has been entered. */
function languagesOf(settings: Settings): string[] {
  const chosen = Array.isArray(settings['languages']) ? settings['languages'].map(String) : [];
  if (chosen.length) return chosen;
  const entered = ['title', 'greeting', 'starters', 'away_message'].flatMap((field) =>
    Object.keys((settings[field] ?? {}) as object),
  );
  return [...new Set(entered)];
}
