#include "sandbox/incomingfile.h"

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::sandbox {

IncomingFile::IncomingFile(const QString &path)
{
    if (!path.isEmpty())
        m_file = std::make_unique<QSaveFile>(path);
}

Result<std::unique_ptr<IncomingFile>> IncomingFile::open(const QString &path)
{
    auto file = std::unique_ptr<IncomingFile>(new IncomingFile(path));
    if (file->m_file && !file->m_file->open(QIODevice::WriteOnly))
        return tl::make_unexpected(file->failure().error());
    return file;
}

Result<void> IncomingFile::append(const QByteArray &piece)
{
    m_bytes += piece.size();
    m_hash.addData(piece);
    if (m_file && m_file->write(piece) != piece.size())
        return failure();
    return {};
}

Result<void> IncomingFile::finish()
{
    if (m_file && !m_file->commit())
        return failure();
    return {};
}

QString IncomingFile::sha256() const
{
    return QString::fromLatin1(m_hash.result().toHex());
}

Result<void> IncomingFile::failure() const
{
    return fail(u"cannot write: "_s + m_file->errorString(), m_file->fileName());
}

} // namespace cloudnode::sandbox
