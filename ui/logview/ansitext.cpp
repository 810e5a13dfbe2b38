#include "ui/logview/ansitext.h"

#include "ui/logview/sgr.h"

namespace cloudnode {

namespace {

constexpr char16_t escape = 0x1b;
constexpr char16_t bell = 0x07;

/// Reads one line from left to right.
class Parser {
public:
    explicit Parser(QStringView raw) : m_raw(raw) {}

    AnsiText parse()
    {
        while (m_at < m_raw.size())
            step();
        closeSpan();
        return m_result;
    }

private:
    void step()
    {
        const char16_t unit = m_raw[m_at++].unicode();
        if (unit == escape)
            skipEscape();
        else if (unit == u'\t')
            m_result.text += QString(8 - m_result.text.size() % 8, u' ');
        else if (unit == u'\r')
            startOver();
        else if (unit >= 0x20 && unit != 0x7f)
            m_result.text += QChar(unit);
    }

    /// Only if something follows: the one before a line break means nothing.
    void startOver()
    {
        if (m_raw.mid(m_at).trimmed().isEmpty())
            return;
        m_result = {};
        m_spanStart = 0;
    }

    void skipEscape()
    {
        if (m_at >= m_raw.size())
            return;
        const char16_t kind = m_raw[m_at++].unicode();
        if (kind == u'[')
            readControlSequence();
        else if (kind == u']')
            skipSystemCommand();
        else if (kind == u'(' || kind == u')')
            ++m_at; // the character set that is named next
    }

    /// "ESC [" parameters, then one final byte that says what it is.
    void readControlSequence()
    {
        const qsizetype start = m_at;
        while (m_at < m_raw.size() && (m_raw[m_at].unicode() < 0x40 || m_raw[m_at].unicode() > 0x7e))
            ++m_at;
        if (m_at >= m_raw.size())
            return;
        if (m_raw[m_at] == u'm')
            changeStyle(m_raw.mid(start, m_at - start));
        ++m_at;
    }

    /// "ESC ]" up to BEL or "ESC \": titles and links.
    void skipSystemCommand()
    {
        while (m_at < m_raw.size()) {
            const char16_t unit = m_raw[m_at++].unicode();
            if (unit == bell)
                return;
            if (unit == escape) {
                ++m_at;
                return;
            }
        }
    }

    void changeStyle(QStringView parameters)
    {
        closeSpan();
        sgr::apply(m_style, parameters);
    }

    void closeSpan()
    {
        const qsizetype end = m_result.text.size();
        if (end > m_spanStart && m_style != AnsiStyle())
            m_result.spans.append({m_spanStart, end - m_spanStart, m_style});
        m_spanStart = end;
    }

    QStringView m_raw;
    qsizetype m_at = 0;
    AnsiText m_result;
    AnsiStyle m_style;
    qsizetype m_spanStart = 0;
};

} // namespace

AnsiText AnsiText::parse(QStringView raw)
{
    return Parser(raw).parse();
}

} // namespace cloudnode
