#include "faults/job.h"

#include <QFile>
#include <QJsonValue>
#include <QStringDecoder>
#include <QStringList>

#include <algorithm>
#include <array>
#include <csignal>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::faults {

namespace {

constexpr std::array names = {"plain",   "unended", "binary", "daemon", "closed",
                              "suicide", "group",   "long",   "deaf",   "flood"};
constexpr qsizetype responseBytes = 64 * 1024; // the end of an output that a response holds

const QByteArray noText("\xff\xfe\xc3 \x80", 5);

QByteArray asText(const QByteArray &bytes)
{
    QStringDecoder decode(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    const QString text = decode(bytes);
    return text.toUtf8();
}

QString ending(const QByteArray &whole)
{
    return QString::fromUtf8(whole.right(responseBytes));
}

} // namespace

QString Job::requestId() const
{
    return u"%1-%2-%3-%4-%5"_s.arg(QLatin1StringView(names.at(static_cast<std::size_t>(kind))))
        .arg(exitCode)
        .arg(lines)
        .arg(pause)
        .arg(serial);
}

std::optional<Job> Job::fromRequestId(const QString &requestId)
{
    const QStringList parts = requestId.split(u'-');
    if (parts.size() != 5)
        return std::nullopt;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (parts.first() == QLatin1StringView(names.at(i)))
            return Job{static_cast<Kind>(i), parts.at(1).toInt(), parts.at(2).toInt(), parts.at(3).toInt(),
                       parts.at(4).toInt()};
    }
    return std::nullopt;
}

QByteArray Job::output(char mark) const
{
    QByteArray text;
    if (kind == Kind::Flood && mark == '!')
        return text;
    const int first = kind == Kind::Flood ? std::max(1, lines - 1000) : 1; // more than anyone asks for
    for (int line = first; line <= lines; ++line) {
        text += '<' + requestId().toLatin1() + mark + QByteArray::number(line) + '>';
        if (kind == Kind::Binary && mark == '#')
            text += noText;
        if (kind == Kind::Flood)
            text += QByteArray(80, '0');
        if (kind != Kind::Unended)
            text += '\n';
    }
    return asText(text);
}

QString Job::contradiction(const QJsonObject &response, bool cancelled) const
{
    const QJsonObject workload = response.value("workload"_L1).toObject();
    const bool killed = kind == Kind::Suicide || kind == Kind::Group || kind == Kind::Deaf;
    int code = kind == Kind::Long ? -SIGTERM : killed ? -SIGKILL : exitCode;
    if (kind == Kind::Deaf && workload.value("exit_code"_L1) == -SIGTERM)
        code = -SIGTERM; // we were quicker than its first lines
    const QString status = cancelled ? u"cancelled"_s : code == 0 ? u"completed"_s : u"failed"_s;
    if (workload.value("status"_L1) != status)
        return u"its status is %1, not %2"_s.arg(workload.value("status"_L1).toString(), status);
    if (workload.value("exit_code"_L1) != code)
        return u"its exit code is %1, not %2"_s.arg(workload.value("exit_code"_L1).toInt()).arg(code);
    if (!cancelled && response.value("output"_L1).toString() != ending(output('#')))
        return u"its output is %1"_s.arg(response.value("output"_L1).toString());
    if (!cancelled && code != 0 && !response.value("error"_L1).toString().endsWith(ending(output('!'))))
        return u"its error is %1"_s.arg(response.value("error"_L1).toString());
    return {};
}

QString Job::commandTemplate()
{
    return u"training: '. ./job.sh'"_s;
}

QByteArray Job::script()
{
    QFile file(QStringLiteral(CLOUDNODE_JOB_SCRIPT));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("the script of the jobs is missing");
    return file.readAll();
}

} // namespace cloudnode::faults
