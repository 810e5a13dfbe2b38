#include "painter.h"

#include "platform/thisprogram.h"

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

/// Of ISO 6429, "Select Graphic Rendition".
QString rendition(Tone tone)
{
    switch (tone) {
    case Tone::Strong:
        return u"1"_s;
    case Tone::Faint:
        return u"2"_s;
    case Tone::Good:
        return u"32"_s;
    case Tone::Warning:
        return u"33"_s;
    case Tone::Bad:
        return u"31"_s;
    case Tone::Plain:
        break;
    }
    return {};
}

} // namespace

Painter Painter::forStandardOutput()
{
    return Painter(thisprogram::writesToTerminal() && qEnvironmentVariableIsEmpty("NO_COLOR") &&
                   qgetenv("TERM") != "dumb");
}

QString Painter::paint(const QString &text, Tone tone) const
{
    if (!m_colours || tone == Tone::Plain || text.isEmpty())
        return text;
    return u"\x1b[%1m%2\x1b[0m"_s.arg(rendition(tone), text);
}

} // namespace cloudnode
