-- What a business has written down for its assistant: articles, the passages that are searched, and the questions for
-- which no passage was close enough.

CREATE TABLE articles (
    business_id UUID NOT NULL REFERENCES businesses (business_id) ON DELETE CASCADE,
    article_id UUID NOT NULL DEFAULT uuidv7(),
    title TEXT NOT NULL,
    content TEXT NOT NULL,  -- Markdown
    language TEXT NOT NULL,  -- ISO 639-1
    tags TEXT[] NOT NULL DEFAULT '{}',
    valid_from TIMESTAMPTZ,  -- before and after its validity, the article is not searched
    valid_until TIMESTAMPTZ,
    file_name TEXT,  -- of the file that it was imported from
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (business_id, article_id),
    CONSTRAINT articles_validity_check CHECK (valid_from < valid_until)
);
-- Pages of a business's articles.
CREATE INDEX articles_of_business ON articles (business_id, created_at, article_id);

-- The content of an article, split at its headings. All passages of a business are compared with each question, so only
-- the primary key is indexed.
CREATE TABLE article_passages (
    business_id UUID NOT NULL,
    article_id UUID NOT NULL,
    number INTEGER NOT NULL,  -- from 0
    heading TEXT NOT NULL,  -- with the headings above it; empty before the first one
    content TEXT NOT NULL,
    dictionary TEXT NOT NULL,  -- the text search configuration of the article's language
    words TSVECTOR NOT NULL,  -- title (A), heading (B) and content (D)
    -- Computed in the background. NULL until then, and without an embedding model.
    embedding BYTEA,  -- little-endian floats of four bytes, of length 1
    embedding_signs BIT VARYING,  -- whether each is positive: finds the candidates quickly
    embedding_model TEXT,  -- of other models than the current one, embeddings are computed again
    PRIMARY KEY (business_id, article_id, number),
    CONSTRAINT article_passages_article_fkey FOREIGN KEY (business_id, article_id)
        REFERENCES articles (business_id, article_id) ON DELETE CASCADE
);
-- The vector is read only for candidates, and does not compress. The words are read for each question: they stay in the
-- row, and are not compressed, because each comparison would decompress them.
ALTER TABLE article_passages ALTER COLUMN embedding SET STORAGE EXTERNAL;
ALTER TABLE article_passages ALTER COLUMN words SET STORAGE EXTERNAL;
ALTER TABLE article_passages SET (toast_tuple_target = 4096);

-- Turns that searched the articles and found no close passage. The question is the turn's message, so that deleting the
-- customer deletes it.
CREATE TABLE unanswered_questions (
    business_id UUID NOT NULL,
    turn_id UUID NOT NULL,
    question_hash TEXT NOT NULL,  -- of the message without case and punctuation: the same question is listed once
    article_id UUID,  -- the article that was written to answer it
    resolved_at TIMESTAMPTZ,  -- when an article was written, or the question was dismissed
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (business_id, turn_id),
    CONSTRAINT unanswered_questions_turn_fkey FOREIGN KEY (business_id, turn_id)
        REFERENCES turns (business_id, turn_id) ON DELETE CASCADE,
    CONSTRAINT unanswered_questions_article_fkey FOREIGN KEY (business_id, article_id)
        REFERENCES articles (business_id, article_id) ON DELETE SET NULL (article_id)
);
-- The list of open questions, newest first.
CREATE INDEX unanswered_questions_open ON unanswered_questions (business_id, created_at, turn_id)
    WHERE resolved_at IS NULL;
-- The same question, asked again.
CREATE INDEX unanswered_questions_same ON unanswered_questions (business_id, question_hash, created_at)
    WHERE resolved_at IS NULL;
-- The foreign key.
CREATE INDEX unanswered_questions_of_article ON unanswered_questions (business_id, article_id)
    WHERE article_id IS NOT NULL;
