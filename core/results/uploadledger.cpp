#include "results/uploadledger.h"

#include "platform/atomicfile.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

using State = UploadLedger::State;
using Confirmation = UploadLedger::Confirmation;

constexpr int formatVersion = 1;
constexpr qint64 largestFile = 128 * 1024 * 1024; // bytes; 10,000 files with their URLs take about 20 MiB

QByteArray line(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n';
}

QJsonObject header(qsizetype files)
{
    return {{u"version"_s, formatVersion}, {u"files"_s, qint64{files}}};
}

QJsonObject toJson(const ResultFile &file)
{
    return {{u"name"_s, file.name},
            {u"shared"_s, file.shared},
            {u"size"_s, file.size},
            {u"modified"_s, file.modified}};
}

ResultFile fileOf(const QJsonObject &object)
{
    return {object["shared"_L1].toBool(), object["name"_L1].toString(), object["size"_L1].toInteger(),
            object["modified"_L1].toInteger()};
}

QJsonObject storedStep(qsizetype index, const UploadLedger::Entry &entry)
{
    return {{u"stored"_s, qint64{index}},
            {u"file"_s, toJson(entry.file)},
            {u"attachment"_s, entry.target.attachmentUuid},
            {u"url"_s, entry.target.url.toString(QUrl::FullyEncoded)}};
}

QJsonObject givenUpStep(qsizetype index)
{
    return {{u"given_up"_s, qint64{index}}};
}

QJsonObject confirmationStep(Confirmation confirmation)
{
    return {{u"confirmation"_s, confirmation == Confirmation::Given ? u"given"_s : u"asked"_s}};
}

} // namespace

UploadLedger::UploadLedger(QString path, const QList<ResultFile> &files) : m_path(std::move(path))
{
    for (const ResultFile &file : files)
        m_entries.append({.file = file});
}

std::optional<UploadLedger> UploadLedger::load(const QString &path)
{
    UploadLedger ledger(path, {});
    const auto text = atomicfile::read(path, largestFile);
    if (!text || !ledger.read(*text))
        return std::nullopt;
    ledger.m_onDisk = text->endsWith('\n'); // else a crash has cut the last step off
    return ledger;
}

bool UploadLedger::read(const QByteArray &text)
{
    const QList<QByteArray> lines = text.split('\n');
    const QJsonObject head = QJsonDocument::fromJson(lines.first()).object();
    const qint64 files = head["files"_L1].toInteger(-1);
    if (head["version"_L1].toInt() != formatVersion || files < 0 || lines.size() <= files)
        return false;
    for (qsizetype i = 1; i < lines.size(); ++i) {
        const QJsonObject object = QJsonDocument::fromJson(lines[i]).object();
        if (i > files)
            readStep(object); // one that is none was cut off by a crash: that step is taken again
        else if (const ResultFile file = fileOf(object); !file.name.isEmpty())
            m_entries.append({.file = file});
        else
            return false;
    }
    return true;
}

void UploadLedger::readStep(const QJsonObject &step)
{
    const qint64 stored = step["stored"_L1].toInteger(-1);
    const qint64 givenUp = step["given_up"_L1].toInteger(-1);
    const QUrl url(step["url"_L1].toString(), QUrl::StrictMode);
    const QString attachment = step["attachment"_L1].toString();
    if (stored >= 0 && stored < m_entries.size() && url.isValid() && !attachment.isEmpty())
        m_entries[stored] = {fileOf(step["file"_L1].toObject()), State::Stored, {url, attachment}};
    else if (givenUp >= 0 && givenUp < m_entries.size())
        m_entries[givenUp].state = State::GivenUp;
    else if (step.contains("confirmation"_L1))
        m_confirmation = step["confirmation"_L1] == "given"_L1 ? Confirmation::Given : Confirmation::Asked;
}

QList<UploadedFile> UploadLedger::stored() const
{
    QList<UploadedFile> files;
    for (const Entry &entry : m_entries) {
        if (entry.state == State::Stored)
            files.append({entry.file.name, entry.target});
    }
    return files;
}

qsizetype UploadLedger::count(State state) const
{
    return std::count_if(m_entries.cbegin(), m_entries.cend(),
                         [state](const Entry &entry) { return entry.state == state; });
}

Result<void> UploadLedger::save()
{
    QByteArray steps;
    QByteArray text = line(header(m_entries.size()));
    for (qsizetype i = 0; i < m_entries.size(); ++i) {
        text += line(toJson(m_entries[i].file));
        if (m_entries[i].state == State::Stored)
            steps += line(storedStep(i, m_entries[i]));
        else if (m_entries[i].state == State::GivenUp)
            steps += line(givenUpStep(i));
    }
    if (m_confirmation != Confirmation::None)
        steps += line(confirmationStep(m_confirmation));
    auto written = atomicfile::write(m_path, text + steps);
    m_onDisk = written.has_value();
    return written;
}

Result<void> UploadLedger::markStored(qsizetype index, const ResultFile &file, const UploadTarget &target)
{
    m_entries[index] = {file, State::Stored, target};
    return add(line(storedStep(index, m_entries[index])));
}

Result<void> UploadLedger::markGivenUp(qsizetype index)
{
    m_entries[index].state = State::GivenUp;
    return add(line(givenUpStep(index)));
}

Result<void> UploadLedger::markConfirmation(Confirmation confirmation)
{
    m_confirmation = confirmation;
    return add(line(confirmationStep(confirmation)));
}

Result<void> UploadLedger::add(const QByteArray &line)
{
    if (!m_onDisk)
        return save();
    QFile file(m_path);
    m_onDisk = file.open(QIODevice::WriteOnly | QIODevice::Append | QIODevice::ExistingOnly |
                         QIODevice::Unbuffered) &&
               file.write(line) == line.size();
    if (!m_onDisk)
        return fail(u"cannot write: "_s + file.errorString(), m_path);
    return {};
}

} // namespace cloudnode
