#pragma once

#include <QFile>
#include <QIODevice>

#include <memory>

namespace cloudnode {

/// A file as the body of one request: read piece by piece, so that its size does not matter, and once, for
/// the reason that OneTimeBody has. It is as large as it was when opened, whatever happens to it meanwhile.
class OneTimeFile final : public QIODevice {
    Q_OBJECT

public:
    /// `file` is open for reading.
    OneTimeFile(std::unique_ptr<QFile> file, qint64 size, QObject *parent = nullptr);

    qint64 size() const override { return m_size; }
    bool reset() override { return false; }
    /// It had less in it than it was said to have, or could not be read.
    bool ranShort() const { return m_ranShort; }
    const QFile &file() const { return *m_file; }

protected:
    qint64 readData(char *target, qint64 maxSize) override;
    qint64 writeData(const char *, qint64) override { return -1; }

private:
    std::unique_ptr<QFile> m_file;
    qint64 m_size;
    qint64 m_taken = 0;
    bool m_ranShort = false;
};

} // namespace cloudnode
