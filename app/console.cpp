#include "console.h"

#include <cstdio>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::console {

namespace {

void write(std::FILE *file, const QString &text)
{
    const QByteArray line = text.toUtf8() + '\n';
    std::fwrite(line.constData(), 1, static_cast<size_t>(line.size()), file);
    std::fflush(file);
}

} // namespace

QString printable(QString text)
{
    const auto isControl = [](QChar c) { return c < u' ' || (c >= u'\u007f' && c < u'\u00a0'); };
    for (QChar &c : text) {
        if (isControl(c) && c != u'\n')
            c = c == u'\t' ? QChar(u' ') : QChar(QChar::ReplacementCharacter);
    }
    return text;
}

void print(const QString &text)
{
    write(stdout, text);
}

void printError(const Error &error)
{
    write(stderr, u"error: "_s + printable(error.text()));
}

void printWarning(const Error &warning)
{
    write(stderr, u"warning: "_s + printable(warning.text()));
}

void printNote(const Error &note)
{
    write(stderr, u"note: "_s + printable(note.text()));
}

} // namespace cloudnode::console
